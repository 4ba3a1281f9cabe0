namespace Iskra.Platform.Events;

/// <summary>What keeps its order: a key of one tenant.</summary>
internal readonly record struct EventKey(int Tenant, string Key)
{
    public static EventKey Of(StoredEvent stored) => new(stored.Tenant.Value, stored.Key);
}
