using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs;

/// <summary>
/// Where jobs are enqueued: in the caller's transaction, so that the job exists exactly when what asked for it does, or by itself with a
/// durable answer. Thread-safe.
/// </summary>
public sealed class JobQueue
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private readonly Database _database;
    private readonly IJobStore _store;
    private readonly JobTypes _types;
    private readonly EnqueueBatcher _batcher;
    private readonly JobAnnouncer _announcer;
    private readonly JobClock _clock;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;

    internal JobQueue(
        Database database,
        IJobStore store,
        JobTypes types,
        EnqueueBatcher batcher,
        JobAnnouncer announcer,
        JobClock clock,
        IOptions<JobsOptions> options,
        JobsMetrics metrics)
    {
        _database = database;
        _store = store;
        _types = types;
        _batcher = batcher;
        _announcer = announcer;
        _clock = clock;
        _options = options.Value;
        _metrics = metrics;
    }

    /// <summary>Enqueues in the caller's transaction: the job is there exactly when that is committed.</summary>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public async Task<EnqueueResult> EnqueueAsync(DbSession session, JobRequest request)
    {
        IReadOnlyList<EnqueueResult> results = await EnqueueManyAsync(session, [request]);
        return results[0];
    }

    /// <summary>
    /// Enqueues by itself, together with what other callers enqueue at the same time; the answer comes when the job is durable.
    /// </summary>
    /// <param name="request">The job.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer; the job may be stored all the same.</param>
    public Task<EnqueueResult> EnqueueAsync(JobRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        EnqueueStatus fault = Check(request, out NewJob? job);
        if (job is null)
        {
            return Task.FromResult(new EnqueueResult(fault, Guid.Empty));
        }

        Task<EnqueueResult>? answer = _batcher.TryAdd(job);
        return answer is null ? Task.FromResult(new EnqueueResult(EnqueueStatus.Busy, Guid.Empty))
            : cancellationToken.CanBeCanceled ? answer.WaitAsync(cancellationToken)
            : answer;
    }

    /// <summary>Enqueues many in the caller's transaction. Answers in the order of the requests; a faulty one stops no other.</summary>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public async Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(DbSession session, IReadOnlyList<JobRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(requests);
        if (session.Transaction is null)
        {
            throw new InvalidOperationException("A job is enqueued in a transaction; this session only reads.");
        }

        EnqueueResult[] results = new EnqueueResult[requests.Count];
        List<NewJob> jobs = new(requests.Count);
        List<int> places = new(requests.Count);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new EnqueueResult(Check(requests[i], out NewJob? job), job?.Id ?? Guid.Empty);
            if (job is not null)
            {
                jobs.Add(job);
                places.Add(i);
            }
        }

        if (jobs.Count > 0)
        {
            IReadOnlyList<EnqueueResult> stored = await _store.InsertAsync(session, jobs);
            for (int i = 0; i < stored.Count; i++)
            {
                results[places[i]] = stored[i];
            }

            session.OnCommitted(() =>
            {
                _metrics.Enqueued(jobs, stored);
                Announce(_announcer, jobs, stored);
            });
        }

        return results;
    }

    /// <summary>As <see cref="EnqueueManyAsync(DbSession, IReadOnlyList{JobRequest})"/>, in a transaction of its own.</summary>
    public Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
        IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(session => EnqueueManyAsync(session, requests), cancellationToken);

    internal static void Announce(JobAnnouncer announcer, IReadOnlyList<NewJob> jobs, IReadOnlyList<EnqueueResult> results)
    {
        string? last = null;
        for (int i = 0; i < jobs.Count; i++)
        {
            if (results[i].Status != EnqueueStatus.Created)
            {
                continue;
            }

            if (jobs[i].State == JobState.Scheduled)
            {
                announcer.Scheduled(jobs[i].ReadyAt);
            }
            else if (!ReferenceEquals(jobs[i].Type, last))
            {
                last = jobs[i].Type;
                announcer.Queued(last);
            }
        }
    }

    private static bool IsJson(string payload)
    {
        int length = Encoding.UTF8.GetMaxByteCount(payload.Length);
        byte[]? rented = length > 512 ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented is not null ? rented : stackalloc byte[512];
        try
        {
            Utf8JsonReader reader = new(buffer[..Utf8.GetBytes(payload, buffer)]);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or EncoderFallbackException)
        {
            return false;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private EnqueueStatus Check(JobRequest request, out NewJob? job)
    {
        job = null;
        EnqueueStatus fault = FindFault(request, out JobType? type);
        if (fault != EnqueueStatus.Created)
        {
            _metrics.EnqueueFaulty(fault);
            return fault;
        }

        long now = _clock.Now;
        long notBefore = request.NotBefore is { } instant ? Instants.ToMicroseconds(instant) : now;
        long readyAt = Math.Max(now, notBefore);
        job = new NewJob
        {
            Id = Guid.CreateVersion7(),
            TenantId = request.Tenant.Value,
            Type = type!.Name,
            State = readyAt > now ? JobState.Scheduled : JobState.Queued,
            Priority = request.Priority,
            OrderAt = OrderOf(readyAt, request.Priority, _options),
            ReadyAt = readyAt,
            DueAt = readyAt + type.MaximumMicroseconds,
            CreatedAt = now,
            IdempotencyKey = request.IdempotencyKey,
            Payload = request.Payload,
            PayloadHash = request.IdempotencyKey is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(request.Payload)),
        };
        return EnqueueStatus.Created;
    }

    /// <summary>A job's place in its queue: the instant when it is ready, moved by its priority. It never changes while it waits.</summary>
    internal static long OrderOf(long readyAt, int priority, JobsOptions options) =>
        readyAt - (priority * options.AgingStepMicroseconds);

    private EnqueueStatus FindFault(JobRequest request, out JobType? type) =>
        !_types.TryGet(request.Type, out type) ? EnqueueStatus.UnknownType
        : request.Payload.Length > _options.PayloadLengthMax ? EnqueueStatus.PayloadTooLarge
        : !IsJson(request.Payload) ? EnqueueStatus.PayloadNotJson
        : request.Priority is < JobRequest.PriorityMin or > JobRequest.PriorityMax ? EnqueueStatus.BadPriority
        : request.IdempotencyKey is { } key
            && (key.Length is 0 or > JobRequest.IdempotencyKeyLengthMax || key.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            ? EnqueueStatus.BadIdempotencyKey
        : EnqueueStatus.Created;
}
