using Iskra.Platform.Audit;
using Xunit;

namespace Iskra.Platform.Tests.Audit;

/// <summary>What is stored and hashed never changes; the catalogue only grows.</summary>
public sealed class AuditCatalogueTests
{
    /// <summary>Lines are added here, never changed and never removed.</summary>
    private static readonly Dictionary<int, string> Golden = new()
    {
        [1000] = "signed-in",
        [1001] = "sign-in-failed",
        [1002] = "sign-in-limited",
        [1003] = "signed-out",
        [1004] = "token-reuse-detected",
        [1005] = "tokens-revoked",
        [1006] = "token-signing-key-rotated",
        [1100] = "api-key-created",
        [1101] = "api-key-revoked",
        [1102] = "admin-key-replaced",
        [1200] = "tenant-created",
        [1201] = "tenant-changed",
        [1202] = "tenant-disabled",
        [1210] = "user-created",
        [1211] = "user-changed",
        [1212] = "user-disabled",
        [1213] = "user-password-changed",
        [1214] = "user-deleted",
        [1220] = "role-created",
        [1221] = "role-changed",
        [1222] = "role-deleted",
        [1223] = "role-assignment-changed",
        [1300] = "settings-changed",
        [1400] = "encryption-key-rotated",
        [1401] = "root-key-rotated",
        [1402] = "subject-erased",
        [1500] = "audit-exported",
        [1501] = "audit-verified",
        [1600] = "job-retried",
        [1601] = "job-cancelled",
        [1602] = "job-queue-paused",
        [1603] = "job-queue-resumed",
        [1700] = "backup-created",
        [1701] = "backup-restored",
        [1702] = "backup-verified",
        [1800] = "events-replayed",
        [2000] = "account-opened",
        [2010] = "card-registered",
        [2020] = "transfers-imported",
        [2021] = "ledger-exported",
        [2030] = "card-key-rotated",
    };

    [Fact]
    public void Kinds_InTheProgram_AreTheseAndNoOthers() => Assert.Equal(
        Golden.OrderBy(pair => pair.Key),
        Enum.GetValues<AuditEventKind>().ToDictionary(kind => (int)kind, kind => AuditEventNames.Of((int)kind)).OrderBy(pair => pair.Key));

    [Fact]
    public void ActorKinds_InTheProgram_AreTheseAndNoOthers() => Assert.Equal(
        [(0, "System"), (1, "Key"), (2, "User"), (3, "Anonymous")],
        Enum.GetValues<AuditActorKind>().Select(kind => ((int)kind, kind.ToString())));

    [Fact]
    public void FaultKinds_InTheProgram_AreTheseAndNoOthers() => Assert.Equal(
        [
            (1, "EntryMissing"), (2, "EntryChanged"), (3, "TailMissing"), (4, "ChainRewritten"), (5, "CheckpointForged"),
            (6, "CheckpointMissing"),
        ],
        Enum.GetValues<AuditFaultKind>().Select(kind => ((int)kind, kind.ToString())));

    [Fact]
    public void Hash_OfAKnownEntry_IsThis()
    {
        AuditRow row = new()
        {
            TenantId = 1,
            Sequence = 1,
            Id = new Guid("01890a5d-ac96-774b-bcce-b302099a8057"),
            OccurredAt = 1_700_000_000_000_000,
            Kind = 1100,
            ActorKind = 1,
            Actor = "Ab3dE5gH",
            Target = "ключ",
            Details = [1, 2, 3],
        };

        Assert.Equal(GoldenHash.Genesis, Convert.ToHexStringLower(AuditHash.Genesis(1)));
        Assert.Equal(GoldenHash.First, Convert.ToHexStringLower(AuditHash.Next(AuditHash.Genesis(1), row)));
    }

    [Fact]
    public void CsvLine_CellsThatLookLikeFormulas_BecomeText()
    {
        AuditItem item = new(1, Guid.Empty, DateTimeOffset.UnixEpoch, "k", "key", "=1+1", "a,b", "say \"x\"", null, false, "00");

        string line = AuditExport.CsvLine(item);

        Assert.Equal(
            "1,00000000-0000-0000-0000-000000000000,1970-01-01T00:00:00.0000000+00:00,"
            + "k,key,'=1+1,\"a,b\",\"say \"\"x\"\"\",,false,00\r\n", line);
    }
}
