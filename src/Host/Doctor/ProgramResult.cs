namespace Iskra.Host.Doctor;

/// <summary>How another program ended.</summary>
/// <param name="Started">False when there is no such program.</param>
/// <param name="ExitCode">Its exit code; -1 when it didn't end by itself.</param>
/// <param name="Output">Both its streams, the last part of it.</param>
/// <param name="TimedOut">True when it was ended because it took too long.</param>
internal sealed record ProgramResult(bool Started, int ExitCode, string Output, bool TimedOut);
