using Iskra.Platform.Audit;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>Messages of authentication: events 1200 to 1299. A key appears by its prefix alone.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Error, "Endpoint {Endpoint} names no scope and was refused")]
    internal static partial void EndpointWithoutScope(ILogger logger, string? endpoint);

    [LoggerMessage(1201, LogLevel.Warning, "The time of last use of keys could not be written; it is tried again")]
    internal static partial void LastUseNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Information, "Key {Prefix} signed in from {Address}")]
    internal static partial void SignedIn(ILogger logger, string prefix, IPAddress? address);

    [LoggerMessage(1203, LogLevel.Warning, "A sign-in from {Address} failed")]
    internal static partial void SignInFailed(ILogger logger, IPAddress? address);

    [LoggerMessage(1204, LogLevel.Warning, "Sign-in from {Address} is refused for a while: too many failures")]
    internal static partial void SignInLimited(ILogger logger, IPAddress? address);

    [LoggerMessage(1205, LogLevel.Information, "Key {Prefix} was created by key {By}")]
    internal static partial void KeyCreated(ILogger logger, string prefix, string? by);

    [LoggerMessage(1206, LogLevel.Information, "Key {Id} was revoked by key {By}")]
    internal static partial void KeyRevoked(ILogger logger, Guid id, string? by);

    [LoggerMessage(1207, LogLevel.Information, "The environment's admin key is in force under prefix {Prefix}; {Replaced} others revoked")]
    internal static partial void AdminKeySet(ILogger logger, string prefix, int replaced);

    [LoggerMessage(1208, LogLevel.Information, "{Kind} in tenant {Tenant}: {Target}, by {ActorKind} {Actor}")]
    internal static partial void Recorded(
        ILogger logger, AuditEventKind kind, int tenant, string? target, AuditActorKind actorKind, string actor);

    [LoggerMessage(1209, LogLevel.Warning, "A refresh token of family {Family} of user {User} was used twice; the family was ended")]
    internal static partial void RefreshTokenReused(ILogger logger, Guid family, Guid user);

    [LoggerMessage(1210, LogLevel.Warning, "Revocations of other replicas can't be read; it is tried again")]
    internal static partial void RevocationsNotRead(ILogger logger, Exception exception);

    [LoggerMessage(1211, LogLevel.Warning, "Ended sessions and tokens could not be removed; it is tried again")]
    internal static partial void UpkeepFailed(ILogger logger, Exception exception);

    [LoggerMessage(1212, LogLevel.Error, "The signing key can't be opened: it was sealed under another root key, or changed")]
    internal static partial void SigningKeyNotOpened(ILogger logger);
}
