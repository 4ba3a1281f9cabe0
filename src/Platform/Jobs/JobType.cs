using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Jobs;

/// <summary>A registered type: its options and where its handlers come from.</summary>
internal sealed class JobType
{
    private readonly Func<IServiceProvider, IJobHandler> _handler;
    private readonly Func<IServiceProvider, IJobHandler>? _fallback;

    public JobType(
        JobTypeOptions options, Func<IServiceProvider, IJobHandler> handler, Func<IServiceProvider, IJobHandler>? fallback)
    {
        Options = options;
        _handler = handler;
        _fallback = fallback;
    }

    public JobTypeOptions Options { get; }

    public string Name => Options.Name;

    public long? MaximumMicroseconds => Options.Maximum is { } maximum ? maximum.Ticks / TimeSpan.TicksPerMicrosecond : null;

    public IJobHandler Handler(IServiceProvider services, JobMode mode) =>
        mode == JobMode.Fallback && _fallback is not null ? _fallback(services) : _handler(services);

    /// <exception cref="InvalidOperationException">The declaration contradicts itself.</exception>
    public void Check()
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(Options, new ValidationContext(Options), results, validateAllProperties: true);
        string? fault = results.Count > 0 ? results[0].ErrorMessage
            : Options.WorkersMin > Options.WorkersMax ? "WorkersMin is greater than WorkersMax."
            : !Enum.IsDefined(Options.Overrun) ? "Overrun is unknown."
            : Options.Overrun == OverrunAction.Fallback && _fallback is null ? "Overrun is Fallback, but there is no fallback handler."
            : Options.Target > Options.Maximum ? "Target is longer than Maximum."
            : Options.Target <= TimeSpan.Zero || Options.Maximum <= TimeSpan.Zero ? "Target and Maximum are positive."
            : null;
        if (fault is not null)
        {
            throw new InvalidOperationException($"Job type '{Options.Name}': {fault}");
        }
    }
}
