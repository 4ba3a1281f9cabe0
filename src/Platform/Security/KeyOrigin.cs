namespace Iskra.Platform.Security;

/// <summary>Where a key came from. Stored: the numbers only grow.</summary>
internal enum KeyOrigin
{
    /// <summary>Made by someone, over HTTP or with <c>iskra keys create</c>.</summary>
    Created = 0,

    /// <summary>Made by the first run.</summary>
    FirstRun = 1,

    /// <summary>Given by <c>ISKRA_ADMIN_KEY</c>.</summary>
    Environment = 2,
}
