import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from editions.search.engines import create_index, drop_index


class Migration(migrations.Migration):
    """The public search. What is searchable of editions that are here already is made after every migrate (apps.py)."""

    dependencies = [
        ('editions', '0005_flags'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EmptySearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=60, unique=True, verbose_name='searched for')),
                ('times', models.PositiveIntegerField(default=1)),
                ('first_on', models.DateField(verbose_name='first')),
                ('last_on', models.DateField(verbose_name='last')),
                ('put_away_at', models.DateTimeField(null=True)),
                ('put_away_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
                'ordering': ['-times', 'text'],
                'permissions': [('put_away_search', 'Can put away a search that found nothing')],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['first_on'], name='emptysearch_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('put_away_at__isnull', True), ('put_away_by__isnull', True)), models.Q(('put_away_at__isnull', False), ('put_away_by__isnull', False)), _connector='OR'), name='emptysearch_put_away_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='editions.edition')),
                ('form', models.PositiveSmallIntegerField()),
                ('is_lower', models.BooleanField()),
                ('title', models.TextField()),
                ('names', models.JSONField()),
                ('names_words', models.TextField()),
                ('subjects_words', models.TextField()),
                ('headings_words', models.TextField()),
                ('body_words', models.TextField()),
                ('passages', models.JSONField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['live_from'], name='edition_live_from'),
        ),
        migrations.RunPython(create_index, drop_index),
    ]
