using System.Diagnostics.Metrics;

namespace Iskra.Platform.Security;

/// <summary>Instruments of authentication.</summary>
public sealed class SecurityMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Security";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _signIns;

    public SecurityMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _meter = factory.Create(MeterName);
        _refused = _meter.CreateCounter<long>("iskra.security.requests.refused", "{request}", "Requests refused, by the problem's code.");
        _signIns = _meter.CreateCounter<long>("iskra.security.sign_ins", "{attempt}", "Sign-ins, by result: ok, failed, limited.");
    }

    internal void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void SignedIn(string result) => _signIns.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void ObserveCache(Func<int> count, int limit)
    {
        _meter.CreateObservableGauge("iskra.security.cache.entries", count, "{entry}", "Verified keys and sessions kept in memory.");
        _meter.CreateObservableGauge("iskra.security.cache.limit", () => limit, "{entry}", "Entries kept, at most.");
    }
}
