namespace Iskra.Platform.Hosting;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

public static class Page
{
    /// <summary>Makes a page of rows that were read with <c>limit + 1</c>: the extra row says that more follow.</summary>
    public static Page<T> From<T>(IReadOnlyList<T> rows, int limit, Func<T, string> cursorOf)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cursorOf);
        return rows.Count <= limit ? new Page<T>(rows, null) : new Page<T>([.. rows.Take(limit)], cursorOf(rows[limit - 1]));
    }
}
