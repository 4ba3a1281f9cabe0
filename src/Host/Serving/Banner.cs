using System.Text;

namespace Iskra.Host.Serving;

/// <summary>What the person who started the server needs to know, on the output stream; logs go to the error stream.</summary>
internal static class Banner
{
    public static async Task WriteAsync(TextWriter output, BannerFacts facts)
    {
        StringBuilder text = new();
        text.AppendLine();
        Line(text, "Iskra", SystemState.Version);
        Line(text, "address", string.Join("  ", facts.Addresses));
        Line(text, "data", facts.Folder);
        Line(text, "engine", facts.Engine);
        Line(text, "roles", string.Join(", ", facts.Roles.Select(role => role.Name)));
        Line(text, "web app", facts.Web.Status);
        Line(text, "API", $"{facts.Addresses[0]}/docs");
        if (facts.FirstKey is not null)
        {
            text.AppendLine();
            Line(text, "admin key", facts.FirstKey);
            Line(text, "", "shown this once: keep it, and sign in with it. Another: iskra keys create NAME --scope admin");
        }

        if (facts.NewKeys is not null)
        {
            text.AppendLine();
            Line(text, "root key", facts.NewKeys);
            Line(text, "", "made by this start: back its folder up apart from the data, as one copy; without it sealed data is lost");
        }

        if (facts.IsEmpty && !facts.IsDemo)
        {
            text.AppendLine();
            Line(text, "", "There is no data yet. To see every page move: stop this, then run 'iskra demo'.");
        }

        foreach (string address in facts.Addresses.Where(ListenUrls.IsOpenWithoutTls))
        {
            text.AppendLine();
            Line(text, "warning", $"{address} is open to other machines without TLS: keys and data can be read on the way.");
        }

        text.AppendLine();
        await output.WriteAsync(text.ToString());
        await output.FlushAsync();
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append("  ").Append(name.PadRight(11)).AppendLine(value);
}
