using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Redis;

/// <summary>A Lua script, run by its hash; the server is sent the text only when it doesn't know it.</summary>
internal sealed class RedisScript(string source)
{
    public string Source { get; } = source;

#pragma warning disable CA5350 // SHA-1 is the name that EVALSHA wants, not a protection.
    public string Hash { get; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(source)));
#pragma warning restore CA5350
}
