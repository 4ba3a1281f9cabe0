using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Sagas;

/// <summary>A saga to be started.</summary>
/// <param name="Name">A registered definition's; the newest version unless <see cref="Version"/> says otherwise.</param>
/// <param name="State">What the steps begin with, JSON. No secrets, no card numbers: it is stored in clear.</param>
public sealed record SagaStart(string Name, string State)
{
    /// <summary>Whose saga it is.</summary>
    public TenantId Tenant { get; init; } = TenantId.Default;

    /// <summary>The caller's key: of one tenant and name, the same key starts one saga. Null starts a saga each time.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A version other than the newest.</summary>
    public int? Version { get; init; }

    /// <summary>Another deadline than the definition's, from now.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>What became of a start.</summary>
/// <param name="Id">The saga, new or known.</param>
/// <param name="Outcome">Which of both.</param>
public sealed record SagaStarted(Guid Id, SagaStartOutcome Outcome);

/// <summary>Whether a start made a saga.</summary>
public enum SagaStartOutcome
{
    /// <summary>It did.</summary>
    Started = 1,

    /// <summary>The same start was there before.</summary>
    Exists = 2,

    /// <summary>The key was used before, with another <see cref="SagaStart.State"/>: nothing was started.</summary>
    StateDiffers = 3,
}
