namespace Iskra.Platform.Security;

/// <summary>What happened to keys, users, roles, tenants and tokens: what an audit trail holds. The numbers only grow.</summary>
internal enum SecurityAction
{
    KeyCreated = 1,
    KeyRevoked = 2,
    UserCreated = 3,
    UserChanged = 4,
    UserDisabled = 5,
    UserEnabled = 6,
    PasswordChanged = 7,
    RoleChanged = 8,
    RoleRemoved = 9,
    TenantCreated = 10,
    TenantRenamed = 11,
    TenantDisabled = 12,
    TenantEnabled = 13,
    SignedIn = 14,
    SignInFailed = 15,
    RefreshTokenReused = 16,
    TokenRevoked = 17,
    SigningKeyMade = 18,
}
