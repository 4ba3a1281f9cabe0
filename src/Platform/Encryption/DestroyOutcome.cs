namespace Iskra.Platform.Encryption;

/// <summary>What destroying a subject's keys came to.</summary>
public enum DestroyOutcome
{
    /// <summary>The keys are gone; what they sealed can't be read any more, here and in every backup.</summary>
    Destroyed = 1,

    /// <summary>They had been destroyed before.</summary>
    AlreadyDestroyed = 2,

    /// <summary>Nothing was ever sealed for such a subject.</summary>
    NotFound = 3,
}
