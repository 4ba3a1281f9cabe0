namespace Iskra.Platform.Hosting;

/// <summary>One fault in a request.</summary>
/// <param name="Path">Where it is: a JSON path (<c>$.transfers[3].amountMinor</c>), or the name of a query parameter or header.</param>
/// <param name="Message">What is wrong, for people; never the value that was sent.</param>
public sealed record ProblemError(string Path, string Message);
