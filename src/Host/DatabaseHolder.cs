using Iskra.Platform.Data;

namespace Iskra.Host;

/// <summary>The open database, for the container: settings are checked with its help before the store is touched.</summary>
internal sealed class DatabaseHolder
{
    public Database? Database { get; set; }
}
