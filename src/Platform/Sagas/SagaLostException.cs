namespace Iskra.Platform.Sagas;

/// <summary>Another process drives the saga now: what this one did in the transaction is rolled back, and it stops.</summary>
internal sealed class SagaLostException(Guid id) : Exception($"Saga {id} belongs to a later epoch.");
