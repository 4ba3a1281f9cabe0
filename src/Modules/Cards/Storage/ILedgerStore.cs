using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Storage;

/// <summary>
/// How the ledger's bulk reads and writes are done on one engine. Single rows and reports are ordinary SQL (see LedgerQueries); only what
/// an engine can do much faster in bulk lives here, in one file per engine.
/// </summary>
internal interface ILedgerStore
{
    /// <summary>Writes one commit. All or nothing: the session's transaction decides.</summary>
    /// <exception cref="LedgerFencedException">Another writer has taken the ledger over.</exception>
    Task AppendAsync(DbSession session, LedgerCommit commit);

    /// <summary>Answers the questions in <see cref="LedgerCore.Known"/>, and loads accounts into the core's table.</summary>
    Task AnswerAsync(DbSession session, LedgerCore core);
}
