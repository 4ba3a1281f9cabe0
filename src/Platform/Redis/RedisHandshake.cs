namespace Iskra.Platform.Redis;

/// <summary>A connection that is ready, and what was agreed.</summary>
/// <param name="Connection">Owned by whoever asked for it.</param>
/// <param name="Protocol">2 or 3; only RESP3 lets the server speak without being asked.</param>
/// <param name="Version">The server's, or "?" where it doesn't say.</param>
internal sealed record RedisHandshake(RedisConnection Connection, int Protocol, string Version);
