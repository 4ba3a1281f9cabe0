using System.CommandLine;
using System.Globalization;
using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

/// <summary><c>iskra demo</c>: the server, and simulated traffic so that every page moves.</summary>
internal static class DemoCommand
{
    private const double SpeedMax = 1_000;

    public static Command Create(IReadOnlyList<IModule> modules)
    {
        Option<double> speed = new("--speed")
        {
            Description = "Times 100 payments a second, 1 to 1000.",
            DefaultValueFactory = _ => 5,
            HelpName = "N",
        };
        speed.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value is not (>= 1 and <= SpeedMax))
            {
                result.AddError("--speed must be from 1 to 1000.");
            }
        });
        Option<string?> file = new("--file")
        {
            Description = "A CSV file (.csv, .csv.gz) to replay; without it, payments are made up.",
            HelpName = "FILE",
        };
        Command command = new Command("demo", "Run the server with sample data and live traffic.") { speed, file }
            .WithExamples("iskra demo", "iskra demo --speed 10", "iskra demo --file transactions.csv.gz --data ./demo-data");
        command.SetAction((parse, cancellation) => Server.RunAsync(
            parse,
            modules,
            [
                new("Cards:Demo:Enabled", "true"),
                new("Cards:Demo:Speed", parse.GetValue(speed).ToString(CultureInfo.InvariantCulture)),
                .. FileSetting(parse.GetValue(file)),
            ],
            cancellation));
        return command;
    }

    private static KeyValuePair<string, string?>[] FileSetting(string? path) =>
        path is null ? [] : [new("Cards:Demo:File", Path.GetFullPath(path))];
}
