using System.Buffers;
using System.Text;
using Iskra.Platform.Hosting;
using Xunit;

namespace Iskra.Platform.Tests.Hosting;

public sealed class JsonBodyTests
{
    private const string Good = """{"id":"a","kind":"post","lines":[{"amountMinor":5}]}""";

    [Fact]
    public void Deserialize_Good_GivesTheValue()
    {
        JsonBodyResult<Sample> result = Read(Encoding.UTF8.GetBytes(Good));
        Assert.True(result.TryGet(out Sample? sample, out _));
        Assert.Equal(5, sample.Lines[0].AmountMinor);
        Assert.Equal(Kind.Post, sample.Kind);
    }

    [Theory]
    [InlineData("\"amountMinor\":5", "\"amountMinor\":\"5\"", "$.lines[0].amountMinor")]
    [InlineData("\"amountMinor\":5", "\"amountMinor\":5.5", "$.lines[0].amountMinor")]
    [InlineData("\"amountMinor\":5", "\"amountMinor\":99999999999999999999", "$.lines[0].amountMinor")]
    [InlineData("\"amountMinor\":5", "\"amountMinor\":5,\"x\":1", "$.lines[0].x")]
    [InlineData("\"amountMinor\":5", "\"amountMinor\":5,\"amountMinor\":6", "$.lines[0].amountMinor")]
    [InlineData("\"amountMinor\":5", "", "$.lines[0].amountMinor")]
    [InlineData("\"post\"", "1", "$.kind")]
    [InlineData("\"post\"", "\"nonsense\"", "$.kind")]
    [InlineData("\"a\"", "null", "$.id")]
    public void Deserialize_Fault_NamesThePath(string good, string bad, string path)
    {
        JsonBodyResult<Sample> result = Read(Encoding.UTF8.GetBytes(Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.False(result.TryGet(out _, out ProblemResult? problem));
        ProblemError error = Assert.Single(problem.Errors);
        Assert.Equal(path, error.Path);
        Assert.DoesNotContain("System", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_EveryCutAndFlippedByte_IsAValueOrAProblem()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        for (int i = 0; i < good.Length; i++)
        {
            Check(good[..i]);
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. good];
                flipped[i] ^= (byte)(1 << bit);
                Check(flipped);
            }
        }

        static void Check(byte[] body)
        {
            JsonBodyResult<Sample> result = Read(body);
            Assert.True((result.Value is null) != (result.Problem is null));
            Assert.All(result.Problem?.Errors ?? [], error => Assert.StartsWith("$", error.Path, StringComparison.Ordinal));
        }
    }

    private static JsonBodyResult<Sample> Read(byte[] body) =>
        JsonBody.Deserialize(new ReadOnlySequence<byte>(body), StrictJson.TypeInfo<Sample>());

    private enum Kind
    {
        Post = 0,
    }

    private sealed record Line(long AmountMinor);

    private sealed record Sample(string Id, Kind Kind, IReadOnlyList<Line> Lines);
}
