namespace Iskra.Platform.Hosting;

/// <summary>Whether simulated traffic runs, and at how many times real speed.</summary>
public sealed record DemoStatus(bool Running, double? Speed);
