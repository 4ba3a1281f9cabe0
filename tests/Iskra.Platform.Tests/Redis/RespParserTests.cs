using System.Text;
using Iskra.Platform.Redis;

namespace Iskra.Platform.Tests.Redis;

public sealed class RespParserTests
{
    private const int BytesMax = 1 << 20;

    private const string Everything =
        "+OK\r\n-ERR bad\r\n:42\r\n:-7\r\n$5\r\nhe\r\nl\r\n$0\r\n\r\n$-1\r\n*-1\r\n_\r\n#t\r\n#f\r\n,3.14\r\n(12345678901234567890\r\n"
        + "=7\r\ntxt:abc\r\n!9\r\nERR blob!\r\n*3\r\n:1\r\n*2\r\n+a\r\n$1\r\nb\r\n_\r\n%1\r\n+k\r\n:1\r\n~2\r\n:1\r\n:2\r\n*0\r\n"
        + ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n|1\r\n+ttl\r\n:3\r\n:99\r\n";

    [Fact]
    public void TryRead_EveryKind_ReadsAsWritten()
    {
        List<RedisReply> replies = Read(Encoding.UTF8.GetBytes(Everything), BytesMax);
        Assert.Equal(
            "OK|ERR bad|42|-7|he\r\nl||(null)|(null)|(null)|1|0|3.14|12345678901234567890|txt:abc|ERR blob!|[1 [a b] (null)]|[k 1]|[1 2]|[]"
            + "|[message c hi]|99",
            string.Join('|', replies));
        Assert.Equal(RedisReplyKind.Error, replies[1].Kind);
        Assert.Equal(RedisReplyKind.Map, replies[16].Kind);
        Assert.Equal(RedisReplyKind.Push, replies[19].Kind);
    }

    [Fact]
    public void TryRead_AnySplit_ReadsTheSame()
    {
        byte[] data = Encoding.UTF8.GetBytes(Everything);
        string whole = string.Join('|', Read(data, BytesMax));
        for (int size = 1; size <= data.Length; size++)
        {
            Assert.Equal(whole, string.Join('|', Read(data, BytesMax, _ => size)));
        }

        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            Assert.Equal(whole, string.Join('|', Read(data, BytesMax, left => random.Next(1, Math.Min(left, 20) + 1))));
        }
    }

    [Fact]
    public void TryRead_RandomTrees_ReadBackAsBuilt()
    {
        Random random = new(11);
        for (int round = 0; round < 300; round++)
        {
            StringBuilder wire = new();
            string expected = Build(random, wire, depth: 0);
            RedisReply reply = Assert.Single(Read(Encoding.Latin1.GetBytes(wire.ToString()), BytesMax, left => random.Next(1, left + 1)));
            Assert.Equal(expected, reply.ToString());
        }
    }

    [Fact]
    public void TryRead_SpoiledBytes_EndsInAProtocolFaultOrAReply()
    {
        byte[] good = Encoding.UTF8.GetBytes(Everything);
        Random random = new(13);
        int faults = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] data = (byte[])good.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                data[random.Next(data.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(data, BytesMax, left => random.Next(1, left + 1));
            }
            catch (RedisException exception)
            {
                Assert.Equal(RedisFault.Protocol, exception.Fault);
                faults++;
            }
        }

        Assert.True(faults > 1_000, $"Only {faults} of 20,000 were noticed.");
    }

    [Theory]
    [InlineData("$99999999999999999999\r\n")]
    [InlineData("$2000000\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$+\r\n")]
    [InlineData("$5\r\nhelloXX")]
    [InlineData("*9223372036854775807\r\n")]
    [InlineData("*100000\r\n")]
    [InlineData("%4611686018427387905\r\n")]
    [InlineData("*-5\r\n")]
    [InlineData(">-1\r\n")]
    [InlineData("|0\r\n")]
    [InlineData(":12a\r\n")]
    [InlineData("#x\r\n")]
    [InlineData("_x\r\n")]
    [InlineData("$?\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public void TryRead_LengthThatLies_IsAProtocolFault(string wire)
    {
        RedisException exception = Assert.Throws<RedisException>(() => Read(Encoding.UTF8.GetBytes(wire), BytesMax));
        Assert.Equal(RedisFault.Protocol, exception.Fault);
    }

    [Fact]
    public void TryRead_NestedTooDeep_IsAProtocolFault()
    {
        string wire = string.Concat(Enumerable.Repeat("*1\r\n", RespParser.DepthMax + 1));
        Assert.Throws<RedisException>(() => Read(Encoding.UTF8.GetBytes(wire), BytesMax));
    }

    [Fact]
    public void TryRead_ManySmallElements_StopsAtTheLimit()
    {
        string wire = "*30000\r\n" + string.Concat(Enumerable.Repeat("$8\r\nabcdefgh\r\n", 30_000));
        Assert.Throws<RedisException>(() => Read(Encoding.UTF8.GetBytes(wire), BytesMax));
    }

    [Fact]
    public void TryRead_LineWithoutEnd_IsAProtocolFault()
    {
        byte[] data = new byte[RespParser.LineMax + 2];
        Array.Fill(data, (byte)'+');
        Assert.Throws<RedisException>(() => Read(data, BytesMax));
    }

    [Fact]
    public void TryRead_PromiseOfALargeArray_AllocatesLittle()
    {
        RespParser parser = new(BytesMax);
        byte[] wire = "*32000\r\n"u8.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(parser.TryRead(wire, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000);
    }

    /// <summary>Feeds pieces as the network would: what isn't consumed comes again with the next piece behind it.</summary>
    private static List<RedisReply> Read(byte[] data, int bytesMax, Func<int, int>? piece = null)
    {
        RespParser parser = new(bytesMax);
        List<RedisReply> replies = [];
        int start = 0;
        int end = 0;
        while (end < data.Length)
        {
            end += piece is null ? data.Length : piece(data.Length - end);
            end = Math.Min(end, data.Length);
            bool isReply = true;
            while (isReply)
            {
                isReply = parser.TryRead(data.AsSpan(start, end - start), out int consumed, out RedisReply reply);
                start += consumed;
                if (isReply)
                {
                    replies.Add(reply);
                }
            }
        }

        return replies;
    }

    private static string Build(Random random, StringBuilder wire, int depth)
    {
        int kind = random.Next(depth < 4 ? 6 : 4);
        switch (kind)
        {
            case 0:
                long number = random.NextInt64(long.MinValue, long.MaxValue);
                wire.Append(System.Globalization.CultureInfo.InvariantCulture, $":{number}\r\n");
                return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case 1:
                wire.Append("_\r\n");
                return "(null)";
            case 2:
                wire.Append("+status\r\n");
                return "status";
            case 3:
                string text = new([.. Enumerable.Range(0, random.Next(40)).Select(_ => "ab\r\n$*"[random.Next(6)])]);
                wire.Append(System.Globalization.CultureInfo.InvariantCulture, $"${text.Length}\r\n{text}\r\n");
                return text;
            default:
                int count = random.Next(5);
                int factor = kind == 5 ? 2 : 1;
                wire.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(kind == 5 ? '%' : '*')}{count}\r\n");
                return $"[{string.Join(' ', Enumerable.Range(0, count * factor).Select(_ => Build(random, wire, depth + 1)).ToArray())}]";
        }
    }
}
