namespace Iskra.Platform.Realtime;

/// <summary>One serialised message of a topic, sent as it is to everyone.</summary>
/// <param name="Bytes">UTF-8 text without line breaks.</param>
internal sealed record TopicFrame(ReadOnlyMemory<byte> Bytes);
