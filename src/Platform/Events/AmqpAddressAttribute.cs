using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Events;

/// <summary>An absolute <c>amqp</c> or <c>amqps</c> address, or nothing. The message never holds the value, which has a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AmqpAddressAttribute : ValidationAttribute
{
    public AmqpAddressAttribute()
        : base("must be an address such as amqp://user:password@host:5672/vhost, or amqps://… for TLS (ISKRA_BROKER)")
    {
    }

    public override bool IsValid(object? value) =>
        string.IsNullOrWhiteSpace(value as string)
        || (Uri.TryCreate((string)value!, UriKind.Absolute, out Uri? address)
            && address.Scheme is "amqp" or "amqps"
            && address.Host.Length > 0);
}
