using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Iskra.Platform.Hosting;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Host.CommandLine;

/// <summary>Parses, runs and turns every end into an exit code; a fault is one line on the error stream, never a stack trace.</summary>
internal static class CommandLineRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };
        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0 && parse.Action is not HelpWithExamples)
        {
            string command = parse.CommandResult.Command == root ? "iskra" : $"iskra {parse.CommandResult.Command.Name}";
            await configuration.Error.WriteLineAsync(
                Scrubber.Scrub($"iskra: {parse.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.')}. See '{command} --help'."));
            return (int)ExitCode.Usage;
        }

        try
        {
            return await parse.InvokeAsync(configuration);
        }
        catch (Exception exception)
        {
            StartupException fault = StartupFaults.Translate(exception);
            await configuration.Error.WriteLineAsync(Scrubber.Scrub($"iskra: {fault.Message.ReplaceLineEndings(" ")}"));
            return (int)fault.ExitCode;
        }
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            IReadOnlyList<string> examples = CommandExamples.Of(parseResult.CommandResult.Command);
            if (examples.Count > 0)
            {
                output.WriteLine("Examples:");
                foreach (string example in examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
            }

            return result;
        }
    }
}
