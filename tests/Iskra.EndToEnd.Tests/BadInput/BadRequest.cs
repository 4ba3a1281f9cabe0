using System.Text;

namespace Iskra.EndToEnd.Tests.BadInput;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Name">For the test's report.</param>
/// <param name="Path">The endpoint.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The problem's code.</param>
/// <param name="ErrorPath">A path that <c>errors</c> must name; null when there is none to name.</param>
internal sealed record BadRequest(string Name, string Path, byte[] Body, int Status, string Code, string? ErrorPath)
{
    public BadRequest(string name, string path, string body, int status, string code, string? errorPath)
        : this(name, path, Encoding.UTF8.GetBytes(body), status, code, errorPath)
    {
    }
}
