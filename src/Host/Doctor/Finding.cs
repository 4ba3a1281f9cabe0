namespace Iskra.Host.Doctor;

internal sealed record Finding(string Name, bool Found, string? Version, string Purpose, string Install);
