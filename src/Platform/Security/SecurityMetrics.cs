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
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _passwordsRefused;
    private readonly Counter<long> _refreshReused;

    public SecurityMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _meter = factory.Create(MeterName);
        _refused = _meter.CreateCounter<long>("iskra.security.requests.refused", "{request}", "Requests refused, by the problem's code.");
        _signIns = _meter.CreateCounter<long>("iskra.security.sign_ins", "{attempt}", "Sign-ins, by result: ok, failed, limited, busy.");
        _tokens = _meter.CreateCounter<long>("iskra.security.tokens", "{answer}", "Answers of the token endpoint, by grant and result.");
        _passwordsRefused = _meter.CreateCounter<long>(
            "iskra.security.passwords.refused", "{password}", "Passwords not looked at because too many were waiting.");
        _refreshReused = _meter.CreateCounter<long>(
            "iskra.security.refresh_tokens.reused", "{token}", "Refresh tokens used a second time; each ended its family.");
    }

    internal void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void SignedIn(string result) => _signIns.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void Granted(string grant, string result) => _tokens.Add(
        1, new KeyValuePair<string, object?>("grant", grant), new KeyValuePair<string, object?>("result", result));

    internal void PasswordRefused() => _passwordsRefused.Add(1);

    internal void RefreshReused() => _refreshReused.Add(1);

    internal void ObservePasswords(Func<int> waiting, int limit)
    {
        _meter.CreateObservableGauge("iskra.security.passwords.waiting", waiting, "{password}", "Passwords being hashed or waiting.");
        _meter.CreateObservableGauge("iskra.security.passwords.limit", () => limit, "{password}", "Passwords that may wait, at most.");
    }

    internal void ObserveDenied(Func<int> count, int limit)
    {
        _meter.CreateObservableGauge("iskra.security.denied.tokens", count, "{token}", "Revoked access tokens that have not ended yet.");
        _meter.CreateObservableGauge("iskra.security.denied.limit", () => limit, "{token}", "Revoked access tokens kept, at most.");
    }

    internal void ObserveCache(Func<int> count, int limit)
    {
        _meter.CreateObservableGauge("iskra.security.cache.entries", count, "{entry}", "Verified keys and sessions kept in memory.");
        _meter.CreateObservableGauge("iskra.security.cache.limit", () => limit, "{entry}", "Entries kept, at most.");
    }
}
