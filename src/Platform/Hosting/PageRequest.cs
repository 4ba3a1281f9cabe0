using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Hosting;

/// <summary>The part of a list that a caller asks for: <c>?limit=50&amp;cursor=…</c>.</summary>
/// <param name="Limit">Items, at most: 1 to <see cref="LimitMax"/>.</param>
/// <param name="Cursor">What the last answer gave as <c>nextCursor</c>; null for the first page.</param>
public sealed record PageRequest(int Limit, string? Cursor)
{
    public const int LimitDefault = 50;

    public const int LimitMax = 500;

    private const int CursorLengthMax = 512;

    /// <summary>Reads <c>limit</c> and <c>cursor</c> from the query string.</summary>
    public static bool TryRead(
        HttpContext context, [NotNullWhen(true)] out PageRequest? page, [NotNullWhen(false)] out ProblemResult? problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        IQueryCollection query = context.Request.Query;
        page = null;
        problem = null;
        int limit = LimitDefault;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LimitMax))
        {
            problem = Problems.Invalid("limit", $"must be a number from 1 to {LimitMax}");
            return false;
        }

        string? cursor = query.TryGetValue("cursor", out var value) ? value.ToString() : null;
        if (cursor is { Length: 0 or > CursorLengthMax })
        {
            problem = PageCursor.Invalid;
            return false;
        }

        page = new PageRequest(limit, cursor);
        return true;
    }
}
