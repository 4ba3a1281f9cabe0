using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Encryption;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Audit;

/// <summary>What the trail promises and what its verification finds, on both engines.</summary>
public abstract class AuditTrailTests(DatabaseEngine engine) : IAsyncLifetime
{
    private const int Entries = 25;

    private TestKeys? _keys;
    private ServiceProvider? _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestKeys Keys => _keys!;

    private ServiceProvider Services => _services!;

    public async ValueTask InitializeAsync()
    {
        _keys = await TestKeys.CreateAsync(engine);
        _keys.Settings["Audit:CheckpointEntries"] = "10";
        _keys.Settings["Audit:LinkBatchMax"] = "7";
        _keys.Settings["Audit:CheckpointFolder"] = _keys["checkpoints"];
        _services = await _keys.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Keys.DisposeAsync();
    }

    [Fact]
    public async Task Verify_UntouchedTrail_IsGoodAndCovered()
    {
        await AppendAsync(Entries);
        await CheckpointAsync();

        AuditVerification result = await VerifyAsync();

        Assert.Null(result.Fault);
        Assert.Equal((Entries, Entries, 0), ((int)result.Entries, (int)result.CheckpointSequence, (int)result.Waiting));
        Assert.True(result.AreKeysChecked);
        Assert.True(result.Checkpoints >= 2);
    }

    [Fact]
    public async Task Append_RolledBack_LeavesNothing()
    {
        AuditLog audit = Services.GetRequiredService<AuditLog>();
        await Assert.ThrowsAsync<InvalidDataException>(() => Services.GetRequiredService<Database>().WriteAsync(
            async session =>
            {
                await audit.AppendAsync(session, Entry(1));
                throw new InvalidDataException();
            },
            Token));

        await LinkAsync();

        Assert.Equal(0, (await VerifyAsync()).Entries);
    }

    [Theory]
    [InlineData("actor", "actor = 'x'")]
    [InlineData("kind", "kind = kind + 1")]
    [InlineData("time", "occurred_at = occurred_at + 1")]
    [InlineData("subject", "subject = null")]
    [InlineData("target", "target = 'x'")]
    [InlineData("hash", null)]
    [InlineData("details", null)]
    public async Task Verify_OneColumnChanged_FindsTheEntry(string column, string? change)
    {
        await AppendAsync(Entries);
        await (change is null ? FlipAsync(column, 13) : ExecuteAsync($"update audit_entries set {change} where sequence = 13"));

        AssertFault(await VerifyAsync(), AuditFaultKind.EntryChanged, 13);
    }

    [Fact]
    public async Task Verify_EntryRemoved_FindsTheGap()
    {
        await AppendAsync(Entries);
        await ExecuteAsync("delete from audit_entries where sequence = 13");

        AssertFault(await VerifyAsync(), AuditFaultKind.EntryMissing, 13);
    }

    [Fact]
    public async Task Verify_TwoEntriesExchanged_FindsTheFirst()
    {
        await AppendAsync(Entries);
        await ExecuteAsync("update audit_entries set sequence = -1 where sequence = 13");
        await ExecuteAsync("update audit_entries set sequence = 13 where sequence = 14");
        await ExecuteAsync("update audit_entries set sequence = 14 where sequence = -1");

        AssertFault(await VerifyAsync(), AuditFaultKind.EntryChanged, 13);
    }

    [Fact]
    public async Task Verify_TailCutOffBehindACheckpoint_FindsIt()
    {
        await AppendAsync(Entries);
        await CheckpointAsync();
        await ExecuteAsync("delete from audit_entries where sequence > 20");
        await ExecuteAsync($"update audit_heads set sequence = 20, hash = (select hash from audit_entries where sequence = 20)");

        AssertFault(await VerifyAsync(), AuditFaultKind.TailMissing, 21);
    }

    [Fact]
    public async Task Verify_TailAndItsCheckpointsCutOff_TheCopiesFindIt()
    {
        await AppendAsync(Entries);
        await CheckpointAsync();
        await ExecuteAsync("delete from audit_checkpoints where sequence > 20");
        await ExecuteAsync("delete from audit_entries where sequence > 20");
        await ExecuteAsync("update audit_heads set sequence = 20, hash = (select hash from audit_entries where sequence = 20)");

        Assert.Null((await VerifyAsync()).Fault);
        AssertFault(await VerifyAsync(Keys["checkpoints"]), AuditFaultKind.TailMissing, 21);
    }

    [Fact]
    public async Task Verify_WholeChainWrittenAnew_TheCheckpointFindsIt()
    {
        await AppendAsync(Entries);
        await CheckpointAsync();
        await RewriteAsync();

        AuditVerification result = await VerifyAsync();
        Assert.Equal(AuditFaultKind.ChainRewritten, result.Fault?.Kind);
    }

    [Fact]
    public async Task Verify_CheckpointSignedByAnExchangedKey_IsForged()
    {
        await AppendAsync(Entries);
        await CheckpointAsync();
        using var forger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        IReadOnlyList<AuditCheckpoint> all = await Services.GetRequiredService<AuditQueries>()
            .CheckpointsAsync(TenantId.Default, null, 100, Token);
        foreach (AuditCheckpoint checkpoint in all)
        {
            checkpoint.Signature = forger.SignData(checkpoint.SignedText(), System.Security.Cryptography.HashAlgorithmName.SHA256);
            await ExecuteAsync("update audit_checkpoints set signature = @Signature where sequence = @Sequence", checkpoint);
        }

        Assert.Equal(AuditFaultKind.CheckpointForged, (await VerifyAsync()).Fault?.Kind);
        await ExecuteAsync("update audit_signing_keys set public_key = @spki", new { spki = forger.ExportSubjectPublicKeyInfo() });
        Assert.Equal(AuditFaultKind.CheckpointForged, (await VerifyAsync()).Fault?.Kind);
    }

    [Fact]
    public async Task Verify_SubjectErased_ChainIsGoodAndDetailsAreGone()
    {
        await AppendAsync(Entries);
        await Services.GetRequiredService<SubjectKeys>().DestroyAsync(TenantId.Default, new SubjectId("person-1"), Token);

        IReadOnlyList<AuditItem> items = await SearchAsync(new AuditFilter { Subject = "person-1", Kind = AuditEventKind.UserChanged });

        Assert.Null((await VerifyAsync()).Fault);
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.True(item.IsErased && item.Details is null));
        Assert.All(
            await SearchAsync(new AuditFilter { Subject = "person-2" }), item => Assert.Equal("a name", item.Details!["name"]));
        Assert.Single(await SearchAsync(new AuditFilter { Kind = AuditEventKind.SubjectErased }));
    }

    [Fact]
    public async Task Link_ManyWritersAtOnce_LosesNothingAndLeavesNoGap()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                await AppendOneAsync(i);
                await LinkAsync();
            }
        })));
        await LinkAsync();

        AuditVerification result = await VerifyAsync();
        Assert.Null(result.Fault);
        Assert.Equal((80, 0), ((int)result.Entries, (int)result.Waiting));
    }

    [Fact]
    public async Task Checkpoint_AfterItsInterval_CoversALoneEntry()
    {
        await AppendAsync(1);
        Assert.Equal(0, (await VerifyAsync()).CheckpointSequence);

        Keys.Time.Advance(TimeSpan.FromMinutes(6));
        await LinkAsync();

        Assert.Equal(1, (await VerifyAsync()).CheckpointSequence);
    }

    [Fact]
    public async Task Search_ByEachField_PagesNewestFirst()
    {
        await AppendAsync(Entries);

        IReadOnlyList<AuditItem> first = await SearchAsync(new AuditFilter(), limit: 10);
        IReadOnlyList<AuditItem> second = await SearchAsync(new AuditFilter(), first[^1].Sequence, 10);

        Assert.Equal(Enumerable.Range(16, 10).Reverse(), first.Select(item => (int)item.Sequence));
        Assert.Equal(Enumerable.Range(6, 10).Reverse(), second.Select(item => (int)item.Sequence));
        Assert.Equal(Entries / 5, (await SearchAsync(new AuditFilter { Subject = "person-3" })).Count);
        Assert.Equal(Entries, (await SearchAsync(new AuditFilter { Actor = "actor-1" })).Count);
        Assert.Empty(await SearchAsync(new AuditFilter { Actor = "nobody" }));
        long now = Instants.ToMicroseconds(Keys.Time.GetUtcNow());
        Assert.Equal(Entries, (await SearchAsync(new AuditFilter { From = now, To = now + 1 })).Count);
        Assert.Empty(await SearchAsync(new AuditFilter { To = now }));
    }

    private static void AssertFault(AuditVerification result, AuditFaultKind kind, long sequence)
    {
        Assert.NotNull(result.Fault);
        Assert.Equal((kind, sequence), (result.Fault.Kind, result.Fault.Sequence));
    }

    private static AuditEntry Entry(int i) => new(TenantId.Default, AuditEventKind.UserChanged)
    {
        Actor = new AuditActor(AuditActorKind.User, "actor-1"),
        Subject = $"person-{i % 5}",
        Target = $"row {i}",
        Details = new Dictionary<string, string> { ["name"] = "a name" },
    };

    private async Task AppendAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await AppendOneAsync(i);
        }

        await LinkAsync();
    }

    private Task AppendOneAsync(int i)
    {
        AuditEntry entry = Entry(i);
        return Services.GetRequiredService<Database>().WriteAsync(
            session => Services.GetRequiredService<AuditLog>().AppendAsync(session, entry), Token);
    }

    private Task<int> LinkAsync() => Services.GetRequiredService<AuditLinker>().LinkAsync(Token);

    private Task CheckpointAsync() => Services.GetRequiredService<AuditLinker>().CheckpointAllAsync(Token);

    private Task<AuditVerification> VerifyAsync(string? folder = null) =>
        Services.GetRequiredService<AuditVerifier>().VerifyAsync(TenantId.Default, folder, null, Token);

    private Task<IReadOnlyList<AuditItem>> SearchAsync(AuditFilter filter, long? before = null, int limit = 100) =>
        Services.GetRequiredService<AuditQueries>().SearchAsync(TenantId.Default, filter, before, limit, Token);

    private Task<int> ExecuteAsync(string sql, object? parameters = null) => Services.GetRequiredService<Database>().WriteAsync(
        session => session.ExecuteAsync(sql, parameters), Token);

    private async Task FlipAsync(string column, long sequence)
    {
        byte[] value = await Services.GetRequiredService<Database>().ReadAsync(
            session => session.ScalarAsync<byte[]>($"select {column} from audit_entries where sequence = @sequence", new { sequence }),
            Token) ?? [];
        value[^1] ^= 1;
        await ExecuteAsync($"update audit_entries set {column} = @value where sequence = @sequence", new { value, sequence });
    }

    /// <summary>Someone who can write the database and knows the program changes an entry and links all that follows anew.</summary>
    private async Task RewriteAsync()
    {
        IReadOnlyList<AuditRow> rows = await Services.GetRequiredService<Database>().ReadAsync(
            session => session.QueryAsync<AuditRow>($"select {AuditRow.Columns}, sequence, hash from audit_entries order by sequence"),
            Token);
        byte[] hash = AuditHash.Genesis(1);
        foreach (AuditRow row in rows)
        {
            row.Actor = row.Sequence == 5 ? "someone else" : row.Actor;
            row.Hash = hash = AuditHash.Next(hash, row);
            await ExecuteAsync("update audit_entries set actor = @Actor, hash = @Hash where sequence = @Sequence", row);
        }

        await ExecuteAsync("update audit_heads set hash = @hash", new { hash });
    }
}

public sealed class SqliteAuditTrailTests() : AuditTrailTests(DatabaseEngine.Sqlite);

public sealed class PostgresAuditTrailTests() : AuditTrailTests(DatabaseEngine.Postgres);
