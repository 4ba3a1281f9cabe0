namespace Iskra.Platform.Security;

/// <summary>How a caller proved who it is.</summary>
public enum CallerKind
{
    /// <summary>A program sent its API key.</summary>
    Key = 0,

    /// <summary>A browser sent its session cookie.</summary>
    Session = 1,

    /// <summary>A program sent an access token (RFC 9068) that the token endpoint gave.</summary>
    Token = 2,
}
