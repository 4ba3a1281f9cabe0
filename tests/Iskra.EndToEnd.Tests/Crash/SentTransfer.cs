namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>One transfer as the API takes it.</summary>
internal sealed record SentTransfer
{
    public required Guid Id { get; init; }

    public required Guid DebitAccountId { get; init; }

    public required Guid CreditAccountId { get; init; }

    public required long AmountMinor { get; init; }

    public string Currency { get; init; } = "RUB";

    public string Kind { get; init; } = "post";

    public Guid? PendingId { get; init; }

    public bool Linked { get; init; }
}
