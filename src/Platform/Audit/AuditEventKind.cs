namespace Iskra.Platform.Audit;

/// <summary>
/// The catalogue of audited events. The numbers are stored, hashed and exported: they only grow, and a number is never used for another
/// thing. Each area has a range of a hundred.
/// </summary>
public enum AuditEventKind
{
    /// <summary>Someone signed in at the web app, or took tokens.</summary>
    SignedIn = 1000,

    /// <summary>An attempt to sign in was refused.</summary>
    SignInFailed = 1001,

    /// <summary>Attempts to sign in from an address, or for a user, are refused for a while.</summary>
    SignInLimited = 1002,

    /// <summary>A session ended because its holder asked for it.</summary>
    SignedOut = 1003,

    /// <summary>A refresh token was used twice: its family was revoked.</summary>
    TokenReuseDetected = 1004,

    /// <summary>Tokens or sessions were revoked.</summary>
    TokensRevoked = 1005,

    /// <summary>The keys that sign tokens were rotated.</summary>
    TokenSigningKeyRotated = 1006,

    ApiKeyCreated = 1100,

    ApiKeyRevoked = 1101,

    /// <summary>The environment's admin key replaced another.</summary>
    AdminKeyReplaced = 1102,

    TenantCreated = 1200,

    TenantChanged = 1201,

    TenantDisabled = 1202,

    UserCreated = 1210,

    UserChanged = 1211,

    UserDisabled = 1212,

    UserPasswordChanged = 1213,

    UserDeleted = 1214,

    RoleCreated = 1220,

    RoleChanged = 1221,

    RoleDeleted = 1222,

    /// <summary>A user was given a role, or lost one.</summary>
    RoleAssignmentChanged = 1223,

    /// <summary>A setting that is kept in the database was changed.</summary>
    SettingsChanged = 1300,

    /// <summary>A new version of a tenant's key is in force.</summary>
    EncryptionKeyRotated = 1400,

    /// <summary>The root key was exchanged.</summary>
    RootKeyRotated = 1401,

    /// <summary>A subject's keys were destroyed: its data can't be read any more.</summary>
    SubjectErased = 1402,

    /// <summary>The audit trail was exported.</summary>
    AuditExported = 1500,

    /// <summary>Someone had the audit trail verified.</summary>
    AuditVerified = 1501,

    JobRetried = 1600,

    JobCancelled = 1601,

    JobQueuePaused = 1602,

    JobQueueResumed = 1603,

    BackupCreated = 1700,

    /// <summary>The store was restored from a backup; written as the restored system's first entry.</summary>
    BackupRestored = 1701,

    BackupVerified = 1702,

    /// <summary>Events were delivered again to a subscriber.</summary>
    EventsReplayed = 1800,

    AccountOpened = 2000,

    CardRegistered = 2010,

    /// <summary>A file of transfers was imported.</summary>
    TransfersImported = 2020,

    /// <summary>The ledger was exported.</summary>
    LedgerExported = 2021,

    /// <summary>The keys that card numbers are sealed with were rotated.</summary>
    CardKeyRotated = 2030,
}
