using System.Diagnostics;
using OpenTelemetry;

namespace Iskra.Platform.Telemetry.Scrubbing;

/// <summary>Takes secrets out of a span before it is exported: its name, its status and the texts of its tags.</summary>
internal sealed class ScrubbingProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        data.DisplayName = Scrubber.Scrub(data.DisplayName);
        if (data.StatusDescription is { } description)
        {
            data.SetStatus(data.Status, Scrubber.Scrub(description));
        }

        List<KeyValuePair<string, object?>>? changed = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in data.EnumerateTagObjects())
        {
            if (tag.Value is string text && Clean(tag.Key, text) is var clean && !ReferenceEquals(clean, text))
            {
                (changed ??= []).Add(new(tag.Key, clean));
            }
        }

        changed?.ForEach(tag => data.SetTag(tag.Key, tag.Value));
        foreach (ref readonly ActivityEvent happened in data.EnumerateEvents())
        {
            foreach (ref readonly KeyValuePair<string, object?> tag in happened.EnumerateTagObjects())
            {
                if (tag.Value is string text && !ReferenceEquals(Clean(tag.Key, text), text))
                {
                    // An event can't be changed any more: a span that would tell a secret is not exported at all.
                    data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                    return;
                }
            }
        }
    }

    private static string Clean(string name, string text) =>
        Scrubber.IsSecretName(name) && text.Length > 0 ? Scrubber.Mask : Scrubber.Scrub(text);
}
