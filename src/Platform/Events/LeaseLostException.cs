namespace Iskra.Platform.Events;

/// <summary>Another process runs this now, or an operator moved its cursor: start again from what the row says.</summary>
internal sealed class LeaseLostException(string name) : Exception($"'{name}' belongs to a later epoch.");
