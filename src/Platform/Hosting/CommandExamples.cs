using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Iskra.Platform.Hosting;

/// <summary>Examples that a command's <c>--help</c> ends with.</summary>
public static class CommandExamples
{
    private static readonly ConditionalWeakTable<Command, IReadOnlyList<string>> Examples = [];

    /// <summary>Adds examples: each a whole command line, optionally followed by two spaces, <c>#</c> and a remark.</summary>
    public static TCommand WithExamples<TCommand>(this TCommand command, params IReadOnlyList<string> examples)
        where TCommand : Command
    {
        Examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>The command's examples; empty when it has none.</summary>
    public static IReadOnlyList<string> Of(Command command) =>
        Examples.TryGetValue(command, out IReadOnlyList<string>? examples) ? examples : [];
}
