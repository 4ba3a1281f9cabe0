namespace Iskra.Platform.Jobs;

/// <summary>What a handler says at the end of an attempt.</summary>
public sealed class JobOutcome
{
    private JobOutcome(bool isDone, bool mayRetry, string? text)
    {
        IsDone = isDone;
        MayRetry = mayRetry;
        Text = text;
    }

    /// <summary>Done, without a result.</summary>
    public static JobOutcome Done { get; } = new(true, false, null);

    internal bool IsDone { get; }

    internal bool MayRetry { get; }

    /// <summary>The result's JSON, or the error.</summary>
    internal string? Text { get; }

    /// <summary>Done, with a result as JSON; it is kept as long as the job's history, and cut off at no length: see the limit.</summary>
    public static JobOutcome WithResult(string resultJson) => new(true, false, resultJson);

    /// <summary>Failed as one expects sometimes: tried again by the type's policy. The text is shown to people: no secrets.</summary>
    public static JobOutcome Failed(string error) => new(false, true, error);

    /// <summary>Failed in a way that another attempt can't mend: the job is dead at once.</summary>
    public static JobOutcome FailedForGood(string error) => new(false, false, error);
}
