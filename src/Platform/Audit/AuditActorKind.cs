namespace Iskra.Platform.Audit;

/// <summary>Who did it. The numbers are stored and hashed: they only grow.</summary>
public enum AuditActorKind
{
    /// <summary>The program itself, or the person at its command line.</summary>
    System = 0,

    /// <summary>An API key, by its prefix.</summary>
    Key = 1,

    /// <summary>A user, by id.</summary>
    User = 2,

    /// <summary>Someone who hasn't proved who it is.</summary>
    Anonymous = 3,
}
