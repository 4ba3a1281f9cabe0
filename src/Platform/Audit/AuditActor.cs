using Iskra.Platform.Security;

namespace Iskra.Platform.Audit;

/// <summary>Who did what is audited.</summary>
/// <param name="Kind">What sort of caller.</param>
/// <param name="Id">An opaque id of at most 100 characters: a key's prefix, a user's id; never a name. It stays after an erasure.</param>
public readonly record struct AuditActor(AuditActorKind Kind, string Id)
{
    private static readonly AsyncLocal<AuditActor?> Ambient = new();

    /// <summary>The program itself, or its command line.</summary>
    public static AuditActor System { get; } = new(AuditActorKind.System, "system");

    /// <summary>Someone who hasn't proved who it is.</summary>
    public static AuditActor Anonymous { get; } = new(AuditActorKind.Anonymous, "anonymous");

    /// <summary>
    /// Who sent the request that this code serves; <see cref="System"/> outside of requests. It follows <c>await</c>, but not into the
    /// delegate of a write: take it, or make the <see cref="AuditEntry"/>, before.
    /// </summary>
    public static AuditActor Current => Ambient.Value ?? System;

    /// <summary>The actor that a caller is.</summary>
    public static AuditActor Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.UserId is { } user
            ? new AuditActor(AuditActorKind.User, user.ToString())
            : new AuditActor(AuditActorKind.Key, caller.Prefix);
    }

    /// <summary>Makes <paramref name="actor"/> the current one for the rest of this request.</summary>
    internal static void Enter(AuditActor actor) => Ambient.Value = actor;
}
