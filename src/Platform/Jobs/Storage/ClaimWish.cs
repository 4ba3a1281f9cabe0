namespace Iskra.Platform.Jobs.Storage;

/// <summary>How many jobs of a type can start now.</summary>
internal readonly record struct ClaimWish(string Type, int Count);
