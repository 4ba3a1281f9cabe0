namespace Iskra.Bench;

/// <summary>One figure of one job queue.</summary>
/// <param name="System">The queue and how it is set up.</param>
/// <param name="Metric">As the scripts in <c>bench/peers/jobs</c> name it: rates are jobs/s, latencies end in <c>_ms</c>.</param>
/// <param name="Value">In the metric's unit.</param>
internal sealed record JobFigure(string System, string Metric, double Value);
