using System.CommandLine;
using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

/// <summary><c>iskra serve</c>, which is also what <c>iskra</c> without arguments does.</summary>
internal static class ServeCommand
{
    public static Command Create(IReadOnlyList<IModule> modules)
    {
        Command command = new Command("serve", "Run the server (the default): every module, the API and the web app.")
            .WithExamples(
                "iskra serve",
                "iskra serve --data /var/lib/iskra --urls http://localhost:8080",
                "iskra serve --roles cards,dashboards --log-format json",
                "ISKRA_DATABASE=postgres://user@host/iskra iskra serve");
        SetAction(command, modules);
        return command;
    }

    public static void MakeDefault(RootCommand root, IReadOnlyList<IModule> modules)
    {
        SetAction(root, modules);
        string list = string.Join(", ", modules.Select(module => module.Name));
        root.Description += $"{Environment.NewLine}Modules for --roles: {list}.";
        root.WithExamples("iskra  # the same as: iskra serve", "iskra demo", "iskra doctor", "iskra keys list");
    }

    private static void SetAction(Command command, IReadOnlyList<IModule> modules) =>
        command.SetAction((parse, cancellation) => Server.RunAsync(parse, modules, [], cancellation));
}
