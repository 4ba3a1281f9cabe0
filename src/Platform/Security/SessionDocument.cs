namespace Iskra.Platform.Security;

/// <summary>Who the caller is.</summary>
internal sealed record SessionDocument(string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);
