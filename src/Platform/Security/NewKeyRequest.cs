namespace Iskra.Platform.Security;

internal sealed record NewKeyRequest(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null);
