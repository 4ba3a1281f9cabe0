namespace Iskra.Platform.Tests.Sagas;

/// <summary>What goes wrong with one attempt.</summary>
internal enum SagaFault
{
    None = 0,

    /// <summary>It throws and took no effect.</summary>
    ThrowBefore = 1,

    /// <summary>It takes effect and throws: the answer is lost.</summary>
    ThrowAfter = 2,

    /// <summary>It says that it never will.</summary>
    Refuse = 3,

    /// <summary>The process dies before the effect.</summary>
    CrashBefore = 4,

    /// <summary>The process dies after the effect, and whatever it would have noted is lost.</summary>
    CrashAfter = 5,

    /// <summary>The step ends well, and the process dies right after the note.</summary>
    CrashNoted = 6,
}
