namespace Iskra.Platform.Security;

/// <summary>Why a key is no longer good. Stored: the numbers only grow.</summary>
internal enum RevocationReason
{
    /// <summary>Someone revoked it: it is never good again.</summary>
    ByHand = 1,

    /// <summary>The environment named another key: good again when the environment names this one again.</summary>
    Replaced = 2,
}
