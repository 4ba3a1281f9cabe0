using Iskra.Platform.Data.Schema;

namespace Iskra.Platform.Tests.Data;

/// <summary>A row of the table that the storage tests use.</summary>
internal sealed record Note(Guid Id, Guid? ParentId, string Text, long CreatedAt, int Stars)
{
    public const string Insert =
        "INSERT INTO notes (id, parent_id, text, created_at, stars) VALUES (@Id, @ParentId, @Text, @CreatedAt, @Stars)";

    public const string Select = "SELECT id, parent_id, text, created_at, stars FROM notes";

    public static Migration Table { get; } = new(
        "notes",
        1,
        "notes",
        """
        -- engine: sqlite
        CREATE TABLE notes (id blob NOT NULL PRIMARY KEY, parent_id blob, text text NOT NULL, created_at bigint NOT NULL,
            stars integer NOT NULL CHECK (stars >= 0));
        -- engine: postgres
        CREATE TABLE notes (id uuid NOT NULL PRIMARY KEY, parent_id uuid, text text NOT NULL, created_at bigint NOT NULL,
            stars integer NOT NULL CHECK (stars >= 0));
        -- engine: any
        CREATE INDEX notes_by_time ON notes (created_at);
        """);

    public static Note New(string text = "note", int stars = 0, Guid? parentId = null) =>
        new(Guid.CreateVersion7(), parentId, text, 1_700_000_000_123_456, stars);
}
