using System.Collections.Concurrent;
using Iskra.Platform.Data;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Access tokens that were revoked and have not ended yet, by their <c>jti</c>. The store holds them too. Thread-safe.</summary>
internal sealed class DeniedTokens
{
    private readonly ConcurrentDictionary<Guid, long> _until = new();
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;

    public DeniedTokens(IOptions<TokenOptions> options, TimeProvider time, SecurityMetrics metrics)
    {
        _options = options.Value;
        _time = time;
        metrics.ObserveDenied(() => _until.Count, _options.RevokedTokensMax);
    }

    /// <summary>Whether one more may be added by a caller; what other replicas accepted is always added.</summary>
    internal bool HasRoom
    {
        get
        {
            if (_until.Count < _options.RevokedTokensMax)
            {
                return true;
            }

            RemoveEnded();
            return _until.Count < _options.RevokedTokensMax;
        }
    }

    internal bool Contains(Guid tokenId) => _until.ContainsKey(tokenId);

    /// <param name="tokenId">The token's <c>jti</c>.</param>
    /// <param name="until">Microseconds; when the token ends by itself.</param>
    internal void Add(Guid tokenId, long until) => _until[tokenId] = until;

    internal void RemoveEnded()
    {
        long now = _time.NowMicroseconds();
        foreach ((Guid tokenId, long until) in _until)
        {
            if (until <= now)
            {
                _until.TryRemove(tokenId, out _);
            }
        }
    }
}
