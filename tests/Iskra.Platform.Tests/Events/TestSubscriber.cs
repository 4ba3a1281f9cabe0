using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Iskra.Platform.Events;

namespace Iskra.Platform.Tests.Events;

/// <summary>Keeps what it gets, and fails when it is told to.</summary>
internal sealed class TestSubscriber : IEventSubscriber
{
    private readonly Channel<int> _numbers = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _attempts = Channel.CreateUnbounded<int>();

    public TestSubscriber(string name = "test", EventStart startAt = EventStart.Beginning, params string[] types)
    {
        Name = name;
        StartAt = startAt;
        Types = types.Length > 0 ? types : ["a"];
    }

    public string Name { get; }

    public IReadOnlyList<string> Types { get; }

    public EventStart StartAt { get; }

    public EventAudience Audience { get; init; }

    public Func<int, bool> FailsOn { get; set; } = _ => false;

    public Task HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken)
    {
        _attempts.Writer.TryWrite(batch.Count);
        int[] numbers = [.. batch.Select(NumberOf)];
        if (numbers.FirstOrDefault(FailsOn, -1) is var bad && bad >= 0)
        {
            throw new InvalidOperationException("told to fail on " + bad.ToString(CultureInfo.InvariantCulture));
        }

        foreach (int number in numbers)
        {
            _numbers.Writer.TryWrite(number);
        }

        return Task.CompletedTask;
    }

    public async Task<int[]> TakeAsync(int count)
    {
        int[] taken = new int[count];
        for (int i = 0; i < count; i++)
        {
            taken[i] = await _numbers.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken);
        }

        return taken;
    }

    /// <summary>Waits for the next call and says how many events it had.</summary>
    public async Task<int> NextAttemptAsync() => await _attempts.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken);

    public static int NumberOf(StoredEvent stored) => JsonDocument.Parse(stored.Payload).RootElement.GetProperty("n").GetInt32();
}
