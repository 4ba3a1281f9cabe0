using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Platform.Jobs;

/// <summary>What is stored and shown of an exception: its type and message, without secrets, cut to a length.</summary>
public sealed class JobErrors
{
    private readonly Func<string, string> _scrub;

    /// <summary>With a scrubber that takes secrets out of a text; by default the one of the logs.</summary>
    public JobErrors(Func<string, string>? scrub = null) => _scrub = scrub ?? (static text => Scrubber.Scrub(text) ?? "");

    /// <summary>The exception in a line for each cause, the outermost first.</summary>
    /// <param name="exception">What the handler threw.</param>
    /// <param name="lengthMax">Characters, at most.</param>
    public string Describe(Exception exception, int lengthMax)
    {
        ArgumentNullException.ThrowIfNull(exception);
        List<string> lines = [];
        for (Exception? cause = exception; cause is not null && lines.Count < 5; cause = cause.InnerException)
        {
            lines.Add($"{cause.GetType().Name}: {cause.Message}");
        }

        return Clean(string.Join("\n", lines), lengthMax);
    }

    /// <summary>A text of a handler, scrubbed and cut. Characters that a database can't hold are replaced.</summary>
    public string Clean(string text, int lengthMax)
    {
        ArgumentNullException.ThrowIfNull(text);
        string scrubbed = _scrub(text);
        Span<char> characters = scrubbed.Length <= lengthMax ? scrubbed.ToCharArray() : scrubbed[..lengthMax].ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(characters[i]) && i + 1 < characters.Length && char.IsLowSurrogate(characters[i + 1]);
            if (isPair)
            {
                i++;
            }
            else if (characters[i] == '\0' || char.IsSurrogate(characters[i]))
            {
                characters[i] = '\uFFFD';
            }
        }

        return new string(characters);
    }
}
