namespace Iskra.Platform.Sagas;

/// <summary>Rolls back what a refusing step wrote; its name is the error kind that the row shows.</summary>
internal sealed class SagaRefusedException() : Exception("The step refused.");
