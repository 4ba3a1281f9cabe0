using System.Runtime.InteropServices;

namespace Iskra.Host.CommandLine;

/// <summary>Ctrl-C and SIGTERM cancel; a second one ends the process at once.</summary>
internal sealed class ConsoleCancellation : IDisposable
{
    /// <summary>What shells report for a process that SIGINT ended.</summary>
    private const int InterruptedExitCode = 130;

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public ConsoleCancellation(CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(InterruptedExitCode);
        }

        _source.Cancel();
    }
}
